// The words of the property filter.

import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

const shown = (token: { propertyLabel: string; operator: string; value: string }) =>
  `${token.propertyLabel} ${token.operator} ${token.value}`;

export const filterTexts: PropertyFilterProps.I18nStrings = {
  dismissAriaLabel: 'Close',
  clearAriaLabel: 'Clear',
  groupValuesText: 'Values',
  groupPropertiesText: 'Properties',
  operatorsText: 'Operators',
  operationAndText: 'and',
  operationOrText: 'or',
  operatorLessText: 'Less than',
  operatorLessOrEqualText: 'At most',
  operatorGreaterText: 'More than',
  operatorGreaterOrEqualText: 'At least',
  operatorContainsText: 'Contains',
  operatorDoesNotContainText: 'Does not contain',
  operatorEqualsText: 'Is',
  operatorDoesNotEqualText: 'Is not',
  editTokenHeader: 'Edit condition',
  propertyText: 'Property',
  operatorText: 'Operator',
  valueText: 'Value',
  cancelActionText: 'Leave it',
  applyActionText: 'Apply',
  allPropertiesLabel: 'All properties',
  clearFiltersText: 'Clear all conditions',
  tokenOperatorAriaLabel: 'and or or',
  removeTokenButtonAriaLabel: (token) => `Remove ${shown(token)}`,
  enteredTextLabel: (text) => `Use "${text}"`,
  formatToken: shown,
  groupEditAriaLabel: (group) => `Edit ${group.tokens.map(shown).join(` ${group.operationLabel} `)}`,
  tokenEditorTokenActionsAriaLabel: (token) => `Actions for ${shown(token)}`,
  tokenEditorTokenRemoveAriaLabel: (token) => `Remove ${shown(token)}`,
  tokenEditorTokenRemoveLabel: 'Remove',
  tokenEditorTokenRemoveFromGroupLabel: 'Take out of the group',
  tokenEditorAddNewTokenLabel: 'Add a condition',
  tokenEditorAddTokenActionsAriaLabel: 'Add a condition',
  tokenEditorAddExistingTokenAriaLabel: (token) => `Add ${shown(token)} to the group`,
  tokenEditorAddExistingTokenLabel: (token) => `Add ${shown(token)} to the group`,
};

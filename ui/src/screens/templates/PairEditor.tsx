// Rows of two short texts: a variable and its fallback, a parameter and what fills it.

import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import type { Pair } from './definition';

interface Props {
  pairs: readonly Pair[];
  onChange: (pairs: Pair[]) => void;
  labels: { key: string; value: string; keyName: string; valueName: string };
  placeholders: { key: string; value: string };
  addText: string;
  emptyText: string;
}

export function PairEditor({ pairs, onChange, labels, placeholders, addText, emptyText }: Props) {
  const changeAt = (index: number, part: Partial<Pair>) =>
    onChange(pairs.map((old, at) => (at === index ? { ...old, ...part } : old)));
  return (
    <AttributeEditor
      items={pairs}
      addButtonText={addText}
      removeButtonText="Remove"
      gridLayout={[
        { breakpoint: 'xxs', rows: [[1, 1]], removeButton: { width: 'auto' } },
        { rows: [[1, 1]], removeButton: { ownRow: true } },
      ]}
      empty={emptyText}
      onAddButtonClick={() => onChange([...pairs, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(pairs.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: labels.key,
          control: (item, index) => (
            <Input
              value={item.key}
              ariaLabel={`${labels.keyName} ${index + 1}`}
              placeholder={placeholders.key}
              onChange={({ detail }) => changeAt(index, { key: detail.value })}
            />
          ),
        },
        {
          label: labels.value,
          control: (item, index) => (
            <Input
              value={item.value}
              ariaLabel={`${labels.valueName} ${index + 1}`}
              placeholder={placeholders.value}
              onChange={({ detail }) => changeAt(index, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  );
}

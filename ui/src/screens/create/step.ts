import type { QueryResults } from '../../api/types';
import type { Draft } from './draft';

export interface StepProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  audience: QueryResults | undefined;
  isLoading: boolean;
  isTried: boolean; // the next step was asked for and refused
}

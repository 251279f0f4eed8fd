// The ledger over all campaigns, newest first.

import { useTitle } from '../../shared/useTitle';
import Ledger from './Ledger';

export default function Deliveries() {
  useTitle('Deliveries');
  return <Ledger />;
}

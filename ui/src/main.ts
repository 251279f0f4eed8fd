// The beginning: small, so that the frame and the screen of this address are fetched at the same time.

import './app/shell.css';
import { moduleOf } from './app/screenModules';

void import('./app/start');
// Should it fail, the frame asks for it again and says so.
moduleOf(location.pathname)?.().catch(() => undefined);

// A few named amounts as bars: read as a list, seen as a chart. Names may be chosen.

import Button from '@cloudscape-design/components/button';

export interface Bar {
  id: string;
  name: string;
  value: number;
  text: string; // the amount as people read it
  note?: string; // a sentence below it
}

interface Props {
  bars: readonly Bar[];
  label: string;
  most?: number; // what a full bar stands for; else the largest value
  chosen?: string;
  onChoose?: (id: string) => void;
}

export function Bars({ bars, label, most, chosen, onChoose }: Props) {
  const full = most ?? Math.max(0, ...bars.map((bar) => bar.value));
  return (
    <ul className="bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.id}>
          <span className="bar-name">
            {onChoose ? (
              <Button
                variant="inline-link"
                ariaLabel={`List: ${bar.name}, ${bar.text}`}
                ariaExpanded={chosen === bar.id}
                onClick={() => onChoose(bar.id)}
              >
                {bar.name}
              </Button>
            ) : (
              bar.name
            )}
          </span>
          <span className="bar-room" aria-hidden="true">
            {bar.value > 0 && (
              <span
                className={`bar${chosen === bar.id ? ' bar-chosen' : ''}`}
                style={{ inlineSize: `${(100 * bar.value) / full}%` }}
              />
            )}
          </span>
          <span className="bar-text numeric">{bar.text}</span>
          {bar.note && <span className="bar-note">{bar.note}</span>}
        </li>
      ))}
    </ul>
  );
}

/** A row of bars with a table for those who cannot see it. */
export function PlainBars({ label, values }: { label: string; values: readonly { label: string; value: number }[] }) {
  const top = Math.max(1, ...values.map((each) => each.value));
  return (
    <>
      <svg
        aria-hidden
        viewBox={`0 0 ${Math.max(1, values.length) * 10} 40`}
        preserveAspectRatio="none"
        className="h-12 w-full"
      >
        {values.map((each, index) => {
          const height = each.value === 0 ? 1 : Math.max(2, (each.value / top) * 40);
          return (
            <rect
              key={index}
              x={index * 10 + 1}
              y={40 - height}
              width={8}
              height={height}
              rx={1}
              fill={each.value === 0 ? "var(--line)" : "var(--series-1)"}
            >
              <title>{each.label}</title>
            </rect>
          );
        })}
      </svg>
      <ul className="sr-only" aria-label={label}>
        {values.map((each, index) => (
          <li key={index}>{each.label}</li>
        ))}
      </ul>
    </>
  );
}

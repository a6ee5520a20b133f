/** A bar fed only by finished milestones: it never pretends to know more than that. */
export function MilestoneBar({ percent, label }: { percent: number; label: string }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1 overflow-hidden rounded-full bg-sunken"
    >
      <div className="h-full origin-left rounded-full bg-accent transition-transform duration-180 rtl:origin-right" style={{ transform: `scaleX(${percent / 100})` }} />
    </div>
  );
}

/** Whether an element is near the part of the page that is seen. */

/**
 * Tells whenever the element comes within `margin` (as CSS writes it) of what is seen of the page, or leaves it, and how
 * it stands at the start. The returned function ends it.
 */
export function watchSight(element: Element, margin: string, tell: (entry: IntersectionObserverEntry) => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      // A busy page hears of several changes at once, the newest last.
      const entry = entries.at(-1);
      if (entry) tell(entry);
    },
    { root: document.getElementById("page"), rootMargin: margin },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

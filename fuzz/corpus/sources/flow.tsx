=== src/flow.tsx
import React from "react";
export default function App({ html, items }: P) {
  const [s, set] = React.useState<string[]>([]);
  React.useEffect(() => { set([...s, html]); }, []);
  return <><A.B {...items} x="y" onClick={() => eval(html)}>{items.map((i) => <li key={i} dangerouslySetInnerHTML={{ __html: html }} />)} &amp; text</A.B></>;
}

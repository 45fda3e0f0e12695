/** Line drawings on a 24 × 24 grid (Lucide, ISC licence). */
const draw = (path: string) => () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d={path} /></svg>
);

export const Clip = draw("m16 6-8.4 8.6a2 2 0 0 0 2.8 2.8l8.4-8.6a4 4 0 1 0-5.6-5.6l-8.4 8.5a6 6 0 1 0 8.5 8.5l8.4-8.5");
export const List = draw("M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01");
export const Smile = draw("M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0M8 14s1.5 2 4 2 4-2 4-2M9 9h.01M15 9h.01");

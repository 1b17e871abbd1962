const dayMs = 86_400_000;

/** Business days are those of the losing carriers: weekdays without the federal holidays of the United States. */
export function isBusinessDay(time: number): boolean {
  const day = new Date(time);
  const weekday = day.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !isHoliday(day);
}

/** Midnight (UTC) of the n-th business day after the given time. */
export function addBusinessDays(time: number, count: number): number {
  let day = startOfDay(time);
  for (let left = count; left > 0; ) {
    day += dayMs;
    if (isBusinessDay(day)) left -= 1;
  }
  return day;
}

/** Midnight (UTC) of the first business day at or after the day of the given time. */
export function nextBusinessDay(time: number): number {
  let day = startOfDay(time);
  while (!isBusinessDay(day)) day += dayMs;
  return day;
}

function startOfDay(time: number): number {
  return Math.floor(time / dayMs) * dayMs;
}

/** Fixed dates as month-day; one that falls on a weekend is kept on the weekday beside it. */
const fixed = new Set(['1-1', '6-19', '7-4', '11-11', '12-25']);
/** Month, weekday (0 is Sunday), and which one of the month; 5 is the last. */
const floating: readonly (readonly [month: number, weekday: number, nth: number])[] = [
  [1, 1, 3],
  [2, 1, 3],
  [5, 1, 5],
  [9, 1, 1],
  [10, 1, 2],
  [11, 4, 4],
];

function isHoliday(day: Date): boolean {
  const weekday = day.getUTCDay();
  if (fixed.has(monthDay(day))) return true;
  if (weekday === 5 && fixed.has(monthDay(new Date(day.getTime() + dayMs)))) return true;
  if (weekday === 1 && fixed.has(monthDay(new Date(day.getTime() - dayMs)))) return true;
  const nth = Math.ceil(day.getUTCDate() / 7);
  const last = new Date(day.getTime() + 7 * dayMs).getUTCMonth() !== day.getUTCMonth();
  return floating.some(
    ([month, on, which]) =>
      month === day.getUTCMonth() + 1 && on === weekday && (which === nth || (which === 5 && last)),
  );
}

function monthDay(day: Date): string {
  return `${day.getUTCMonth() + 1}-${day.getUTCDate()}`;
}

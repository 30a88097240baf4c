/**
 * The moment so many calendar months later, in UTC: the same day of the month and time of day, or the month's last day
 * where it has no such day (Regulation (EEC, Euratom) 1182/71 Art 3(2)(c)). Epoch milliseconds.
 */
export function addMonths(at: number, months: number): number {
  const from = new Date(at);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  // Day 0 is the last day of the month before.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay));
  return midnight + (at - Date.UTC(year, from.getUTCMonth(), from.getUTCDate()));
}

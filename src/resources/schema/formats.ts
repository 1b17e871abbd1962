/**
 * The formats of the custom resource definitions as the API server knows them (kube-openapi's strfmt), which takes
 * more for a date-time than RFC 3339 does.
 */
export const kubernetesFormats: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  'date-time': isDateTime,
};

/** Integer formats say how wide a number is and are not checked by the API server. */
export const uncheckedFormats = ['int32', 'int64', 'float', 'double'] as const;

/** As Go's time.Parse("2006-01-02", …): four digits, two, two, and a day that the month has. */
function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The separator before fractions may be any character there; a zone is not checked for its range. */
const timeOfDay = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/u;

function isDateTime(text: string): boolean {
  const [date, time] = text.toLowerCase().split('t');
  if (date === undefined || time === undefined || !isDate(date)) return false;
  const parts = timeOfDay.exec(time);
  return !!parts && Number(parts[1]) <= 23 && Number(parts[2]) <= 59 && Number(parts[3]) <= 59;
}

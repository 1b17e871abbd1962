import type { Extension } from '../../resources/generated/extension.ts';

/** Area codes of country code 1 outside the United States, its territories and Canada. */
const caribbean = new Set(
  '242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876'.split(' '),
);
/** Toll-free and premium numbers stand for no place. */
const placeless = new Set('500 521 522 533 544 566 577 588 700 800 833 844 855 866 877 888 900'.split(' '));

/** Whether a number is of a place in the United States or Canada. */
function isUsOrCanada(number: string): boolean {
  const area = /^\+1([2-9]\d{2})\d{7}$/.exec(number)?.[1];
  return area !== undefined && !caribbean.has(area) && !placeless.has(area);
}

/**
 * Why a dispatchable location must go with an emergency call from an extension that declares none: in the United
 * States by section 506 of RAY BAUM's Act (47 CFR 9.16), in Canada by the CRTC's 9-1-1 rules. Undefined where it
 * need not, or where the files do not tell.
 */
export function dispatchableLocationDue({ spec }: Extension): string | undefined {
  if (spec.emergencyAddress !== undefined || spec.type !== 'UC') return undefined;
  const numbers = [...(spec.phoneNumbers ?? []).map(({ number }) => number), spec.primaryPhoneNumber];
  const number = numbers.find((each) => each !== undefined && isUsOrCanada(each));
  return number === undefined ? undefined : `it has the number ${number}, of the United States or Canada`;
}

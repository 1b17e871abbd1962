export const portingStatuses = [
  'DRAFT',
  'AWAITING_DOCUMENTS',
  'SUBMITTED',
  'EXCEPTION',
  'SCHEDULED',
  'COMPLETED',
  'CANCEL_PENDING',
  'CANCELLED',
] as const;

export type PortingStatus = (typeof portingStatuses)[number];

export function isPortingStatus(value: unknown): value is PortingStatus {
  return portingStatuses.some((status) => status === value);
}

export type PortedNumber = {
  /** E.164. */
  readonly phoneNumber: string;
  readonly temporaryNumber: string | null;
  readonly extensionId: string | null;
};

export type ServiceAddress = {
  readonly street: string | null;
  readonly secondaryLocation: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postal: string | null;
  readonly country: string | null;
};

/** What the client asks for. Null: not given yet. */
export type PortingTerms = {
  readonly portType: 'FULL' | 'PARTIAL' | null;
  readonly numbers: readonly PortedNumber[];
  readonly losingCarrier: { readonly name: string | null } | null;
  readonly accountNumber: string | null;
  readonly pin: string | null;
  readonly billingTelephoneNumber: string | null;
  readonly remainingNumbers: {
    readonly action: 'KEEP' | 'DISCONNECT';
    readonly newBillingTelephoneNumber: string | null;
  } | null;
  readonly endUser: {
    readonly name: string | null;
    readonly businessName: string | null;
    readonly authorizedPerson: string | null;
    readonly serviceAddress: ServiceAddress | null;
  } | null;
  readonly documents: { readonly letterOfAuthority: string | null; readonly bill: string | null };
  /** YYYY-MM-DD. */
  readonly requestedDate: string | null;
};

export type PortingException = {
  readonly code: string;
  readonly message: string;
  /** Empty: all numbers of the order. */
  readonly numbers: readonly string[];
};

/** A part moves on its own. An order has one until the provider splits it. */
export type PortingPart = {
  readonly id: string;
  readonly numbers: readonly string[];
  readonly status: PortingStatus;
  /** ISO 8601. */
  readonly confirmedDate: string | null;
  /** When the provider takes the next step by itself, in milliseconds since the Unix epoch. */
  readonly dueAt: number | null;
};

export type PortingOrderRecord = {
  readonly id: string;
  readonly reference: string;
  readonly terms: PortingTerms;
  /** That of the most urgent part. */
  readonly status: PortingStatus;
  readonly providerStatus: string;
  readonly parts: readonly PortingPart[];
  readonly exceptions: readonly PortingException[];
  readonly comments: readonly { readonly time: string; readonly author: string; readonly text: string }[];
  readonly history: readonly {
    readonly time: string;
    readonly status: PortingStatus;
    readonly providerStatus: string;
  }[];
  readonly createdTime: string;
  readonly lastUpdatedTime: string;
};

/** Completed or cancelled: nothing will happen any more. */
export function isClosed(status: PortingStatus): boolean {
  return status === 'COMPLETED' || status === 'CANCELLED';
}

/** Whether the losing carrier knows of it. */
export function isUnderWay(status: PortingStatus): boolean {
  return !isClosed(status) && status !== 'DRAFT' && status !== 'AWAITING_DOCUMENTS';
}

/** From the most to the least urgent. */
const urgency: readonly PortingStatus[] = [
  'EXCEPTION',
  'AWAITING_DOCUMENTS',
  'DRAFT',
  'SUBMITTED',
  'SCHEDULED',
  'CANCEL_PENDING',
  'COMPLETED',
  'CANCELLED',
];

export function worstStatus(parts: readonly PortingPart[]): PortingStatus {
  return urgency.find((status) => parts.some((part) => part.status === status)) ?? 'DRAFT';
}

/** The next date still to come; once all is done, the last one there was. */
export function confirmedDateOf(order: PortingOrderRecord): string | null {
  const coming = order.parts.filter((part) => part.status === 'SCHEDULED');
  const dates = (coming.length > 0 ? coming : order.parts.filter((part) => part.status === 'COMPLETED'))
    .flatMap((part) => part.confirmedDate ?? [])
    .sort();
  return (coming.length > 0 ? dates[0] : dates.at(-1)) ?? null;
}

/** `edit`: somebody changed a resource and may be waiting. `resync`: we look again of our own accord. */
export type Priority = 'edit' | 'resync';

/** Binds a resource to exactly the object of the phone system with this id, whatever its adoption policy says. */
export const externalIdAnnotation = 'dialops.dev/external-id';
/** `true` freezes a resource: nothing is written for it, in the account or in its status but for Paused. */
export const pausedAnnotation = 'dialops.dev/paused';
/** On a PhoneSystem: the digest of pending removals that may go on. */
export const approveRemovalsAnnotation = 'dialops.dev/approve-removals';
/** Any new value asks for a reconcile now, once; the value is the request's token. */
export const reconcileAnnotation = 'dialops.dev/reconcile-requested-at';
/** On a UserProfile: any new value asks for another invitation, once. */
export const inviteAnnotation = 'dialops.dev/invite';
/** On a PortingOrder: any new value has what comes from Secrets (account number, PIN, documents) sent again, once. */
export const rewriteSecretsAnnotation = 'dialops.dev/rewrite-secrets';

export const finalizer = 'dialops.dev/account';

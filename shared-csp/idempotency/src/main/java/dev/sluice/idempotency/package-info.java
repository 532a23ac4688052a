/**
 * The header {@code Idempotency-Key} for any Quarkus service, on top of dedup-svc's claims.
 *
 * <pre>
 *   request --> claim --201--> the method --> complete, or abort --> response
 *                  \--200--> the response that is kept
 *                   \-409, 422--> a problem
 * </pre>
 */
@NullMarked
package dev.sluice.idempotency;

import org.jspecify.annotations.NullMarked;

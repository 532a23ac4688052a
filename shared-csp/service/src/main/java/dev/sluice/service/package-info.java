/**
 * What the services share at their edge: one form for every error ({@link
 * dev.sluice.service.ProblemType}, {@link dev.sluice.service.ProblemException}), one form for
 * durations ({@link dev.sluice.service.Durations}) and one set of limits on input ({@link
 * dev.sluice.service.Limits}, {@link dev.sluice.service.Key}, {@link dev.sluice.service.Inputs}).
 *
 * <pre>
 *   HTTP body --(json: strict)--&gt; record --(Inputs.valid)--&gt; ask the process --&gt; answer
 *   gRPC message ----------------&gt; record ---------^                  |
 *                                                                      v
 *            problem+json (rest)  &lt;---- ProblemException ----&gt;  Status + ErrorInfo (grpc)
 * </pre>
 */
@NullMarked
package dev.sluice.service;

import org.jspecify.annotations.NullMarked;

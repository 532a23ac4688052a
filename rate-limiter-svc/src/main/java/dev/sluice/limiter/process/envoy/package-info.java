/**
 * Rate limits as Envoy asks for them and as envoyproxy/ratelimit's files configure them: which rule
 * a descriptor falls under, and what the hits counted under it come to. Plain Java on channels, as
 * the folder around it; who reads YAML and who speaks protobuf is elsewhere.
 *
 * <pre>
 *   EnvoyLimiter.decide --> [envoy-0] --> Decider (owns the rules in force, and WindowCounters) --> Reply
 *                                            ^
 *                                            | Rules, when the files have changed
 *   EnvoyLimiter.state ---> [envoy-rules-0] --> Reloader (owns what was read last)
 * </pre>
 *
 * @see <a href="https://github.com/envoyproxy/ratelimit">envoyproxy/ratelimit</a>
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/service/ratelimit/v3/rls.proto">rls.proto</a>
 */
@NullMarked
package dev.sluice.limiter.process.envoy;

import org.jspecify.annotations.NullMarked;

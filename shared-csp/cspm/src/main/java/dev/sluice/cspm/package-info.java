/**
 * A checker of CSPm, the machine-readable CSP of FDR: the first-order part of the language, the
 * operational semantics by its book (Roscoe, Understanding Concurrent Systems), refinement by
 * normalising the specification, and replay of recorded runs.
 *
 * <pre>
 *   file --Lexer--> tokens --ScriptParser--> Expr --Evaluator--> Process (interned, steps on demand)
 *                                                                   |
 *                       Verdict &lt;--Refinement, Property-- Graph &lt;---+---> Replay &lt;-- recorded events
 * </pre>
 *
 * <p>Begin with {@link dev.sluice.cspm.Script}. Nothing here is safe for use by several threads at
 * once; scripts share nothing.
 */
@NullMarked
package dev.sluice.cspm;

import org.jspecify.annotations.NullMarked;

/**
 * Every error over HTTP is an {@code application/problem+json} answer, whoever met it first.
 *
 * <pre>
 *   connection --&gt; Vert.x routes (HttpProblems: body limit, what no one else answered)
 *                     --&gt; Quarkus REST (RestProblems: exceptions, 404, 405, 406, 415)
 * </pre>
 */
@NullMarked
package dev.sluice.service.rest;

import org.jspecify.annotations.NullMarked;

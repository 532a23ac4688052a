/**
 * The words that all parts of the mesh use, and the messages that travel on its links.
 *
 * <pre>
 *   router  --ToWorker-->    worker      data: deliveries, one link a pair
 *           <--FromWorker--
 *   supervisor --WorkerOrder-->  worker  control
 *              <--WorkerReport--
 *   supervisor --RouterOrder-->  router  control
 *              <--RouterReport--
 *   supervisor --BeatAck-->  worker, router
 *              <--Beat--                 signs of life, on a link of their own
 * </pre>
 */
@NullMarked
package dev.sluice.mesh.model;

import org.jspecify.annotations.NullMarked;

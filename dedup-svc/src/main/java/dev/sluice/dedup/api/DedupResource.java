package dev.sluice.dedup.api;

import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import dev.sluice.service.rest.Http;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /dedup}. */
@Path("/dedup")
@Produces(MediaType.APPLICATION_JSON)
public class DedupResource {
  private final DedupOperation dedup;
  private final KeyOperation keys;
  private final CurrentVertxRequest current;

  @Inject
  DedupResource(DedupOperation dedup, KeyOperation keys, CurrentVertxRequest current) {
    this.dedup = dedup;
    this.keys = keys;
    this.current = current;
  }

  /** Marks a key as seen and says whether this was the first time within the window. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Tell the first from the repeated", operationId = "dedup")
  @APIResponse(responseCode = "200", description = "Whether this was the first time")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(
      responseCode = "503",
      description = "Full, overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<DedupAnswer> dedup(DedupRequest request) {
    return Http.answer(current.getCurrent(), dedup.dedup(request));
  }

  /** Marks several keys as seen, and says of each whether this was the first time. */
  @POST
  @Path("/batch")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Tell the first from the repeated, of several", operationId = "dedupBatch")
  @APIResponse(responseCode = "200", description = "What became of each, in their order")
  @APIResponse(responseCode = "400", description = "The batch is not valid; none is seen")
  @APIResponse(
      responseCode = "503",
      description = "Stopping; Retry-After says when to try again; none is seen")
  public CompletionStage<DedupBatchAnswer> dedupBatch(DedupBatchRequest request) {
    return Http.answer(current.getCurrent(), dedup.dedup(request));
  }

  /**
   * Is here for the OpenAPI document, and with it {@code Allow} and {@code OPTIONS}. The calls go
   * to {@link dev.sluice.dedup.api.stream.DedupStreamRoute}, which comes first.
   */
  @POST
  @Path("/stream")
  @Consumes("application/x-ndjson")
  @Produces("application/x-ndjson")
  @Operation(summary = "Let the first lines pass, or one of each burst", operationId = "stream")
  @APIResponse(
      responseCode = "200",
      description = "The lines that pass, as they came; a last line {\"problem\":...} if it stops")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  @APIResponse(responseCode = "503", description = "Too many streams are open, or it is stopping")
  public String stream(
      @Parameter(description = "Whose keys; default: default") @QueryParam("namespace")
          String namespace,
      @Parameter(description = "How long a key's window lasts; for mode=first", example = "10m")
          @QueryParam("ttl")
          String ttl,
      @Parameter(description = "true: the window slides") @QueryParam("extend") String extend,
      @Parameter(
              description = "A JSON pointer to the key in each line; default: the whole line",
              example = "/id")
          @QueryParam("key")
          String key,
      @Parameter(description = "first (default), debounce-trailing or debounce-leading")
          @QueryParam("mode")
          String mode,
      @Parameter(description = "How long a burst must be over; to debounce", example = "500ms")
          @QueryParam("quiet")
          String quiet,
      @Parameter(description = "Of lines without a key: stop (default) or skip") @QueryParam("bad")
          String bad,
      @Parameter(description = "true: a last line says how many there were") @QueryParam("summary")
          String summary) {
    throw new ProblemException(ProblemType.INTERNAL, "the route of the stream was passed over");
  }

  /** Says what is known of a key, and counts nothing. */
  @POST
  @Path("/peek")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Look at a key without seeing it", operationId = "peek")
  @APIResponse(responseCode = "200", description = "The key is within a window")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "The key is not within a window")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<PeekAnswer> peek(KeyRequest request) {
    return Http.answer(current.getCurrent(), keys.peek(request));
  }

  /** Ends a key's window: who brings it next is the first. */
  @POST
  @Path("/forget")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Forget a key that no path can name", operationId = "forgetNamed")
  @APIResponse(responseCode = "204", description = "The key is forgotten")
  @APIResponse(responseCode = "400", description = "The request is not valid")
  @APIResponse(responseCode = "404", description = "The key is not within a window")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<RestResponse<Void>> forget(KeyRequest request) {
    return Http.answer(
        current.getCurrent(), keys.forget(request).thenApply(_ -> RestResponse.noContent()));
  }

  /** Ends a key's window: who brings it next is the first. */
  @DELETE
  @Path("/{namespace}/{key: .+}")
  @Operation(summary = "Forget a key", operationId = "forget")
  @APIResponse(responseCode = "204", description = "The key is forgotten")
  @APIResponse(responseCode = "400", description = "The namespace or the key is not valid")
  @APIResponse(responseCode = "404", description = "The key is not within a window")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<RestResponse<Void>> forget(
      @PathParam("namespace") String namespace, @PathParam("key") String key) {
    KeyPath.requirePlain(current.getCurrent().request().path(), namespace, key);
    return forget(new KeyRequest(key, namespace));
  }

  /** Counts the keys of a namespace. */
  @GET
  @Path("/{namespace}")
  @Operation(summary = "Count the keys of a namespace", operationId = "count")
  @APIResponse(responseCode = "200", description = "How many there are")
  @APIResponse(responseCode = "400", description = "The namespace is not valid")
  @APIResponse(
      responseCode = "503",
      description = "Overloaded or stopping; Retry-After says when to try again")
  public CompletionStage<CountAnswer> count(@PathParam("namespace") String namespace) {
    return Http.answer(current.getCurrent(), keys.count(namespace));
  }
}

package dev.sluice.dedup.api.stream;

import dev.sluice.service.ProblemException;
import dev.sluice.service.ProblemType;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/**
 * What the OpenAPI document, and with it {@code Allow} and {@code OPTIONS}, says of {@code POST
 * /dedup/stream}. The calls themselves go to {@link DedupStreamRoute}, which comes first.
 */
@Path(DedupStreamRoute.PATH)
@Consumes("application/x-ndjson")
@Produces("application/x-ndjson")
public class DedupStreamResource {

  /** Is described here and answered elsewhere. */
  @POST
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
}

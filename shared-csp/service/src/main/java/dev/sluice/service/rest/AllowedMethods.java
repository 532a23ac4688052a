package dev.sluice.service.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which methods a path has. Quarkus REST refuses a wrong method without the {@code Allow} header
 * that RFC 9110 demands and does not say what it knows, so this reads it from the service's own
 * OpenAPI document, when first asked.
 */
@ApplicationScoped
class AllowedMethods {
  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final OpenApiDocumentService openApi;
  private final ObjectMapper mapper;

  AllowedMethods(OpenApiDocumentService openApi, ObjectMapper mapper) {
    this.openApi = openApi;
    this.mapper = mapper;
  }

  /** Returns the methods that the path has, in upper case and in order; HEAD comes with GET. */
  SortedSet<String> at(String path) {
    var methods = new TreeSet<String>();
    var paths = document().path("paths");
    paths.properties().stream()
        .filter(entry -> matches(entry.getKey(), path))
        .forEach(entry -> addMethods(entry.getValue(), methods));
    return methods;
  }

  private JsonNode document() {
    try {
      return mapper.readTree(
          openApi.getDocument(OpenApiConstants.DEFAULT_DOCUMENT_NAME, Format.JSON));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addMethods(JsonNode operations, SortedSet<String> to) {
    for (var method : METHODS) {
      if (operations.has(method)) {
        to.add(method.toUpperCase(Locale.ROOT));
      }
    }
    if (to.contains("GET")) {
      to.add("HEAD");
    }
  }

  /** A template matches a path when each segment is the same or a parameter. */
  private static boolean matches(String template, String path) {
    var expected = template.split("/", -1);
    var actual = path.split("/", -1);
    if (expected.length != actual.length) {
      return false;
    }
    for (var i = 0; i < expected.length; i++) {
      if (!expected[i].startsWith("{") && !expected[i].equals(actual[i])) {
        return false;
      }
    }
    return true;
  }
}

package dev.sluice.service.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.inject.Singleton;
import java.util.Arrays;
import org.hibernate.validator.spi.nodenameprovider.JavaBeanProperty;
import org.hibernate.validator.spi.nodenameprovider.Property;
import org.hibernate.validator.spi.nodenameprovider.PropertyNodeNameProvider;

/**
 * Has Bean Validation call a field what JSON calls it. Not every name can be a record's component:
 * {@code @JsonProperty("wait") Duration patience} is {@code wait} in every error.
 */
@Singleton
class JsonFieldNames implements PropertyNodeNameProvider {

  @Override
  public String getName(Property property) {
    return property instanceof JavaBeanProperty bean ? jsonName(bean) : property.getName();
  }

  private static String jsonName(JavaBeanProperty property) {
    return Arrays.stream(property.getDeclaringClass().getDeclaredFields())
        .filter(field -> field.getName().equals(property.getName()))
        .filter(field -> field.isAnnotationPresent(JsonProperty.class))
        .map(field -> field.getAnnotation(JsonProperty.class).value())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse(property.getName());
  }
}

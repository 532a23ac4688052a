package dev.sluice.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Provider;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.jspecify.annotations.Nullable;

/**
 * Holds {@link Key} against the configured limit. It asks for the limit when it first needs it:
 * Quarkus makes validators while it builds, and there is no configuration of the run then.
 */
@ApplicationScoped
class KeyValidator implements ConstraintValidator<Key, CharSequence> {
  private final Provider<Limits> limits;

  KeyValidator(Provider<Limits> limits) {
    this.limits = limits;
  }

  @Override
  public boolean isValid(@Nullable CharSequence value, ConstraintValidatorContext context) {
    var complaint =
        Keys.complaint(value == null ? null : value.toString(), limits.get().keyBytes());
    if (complaint == null) {
      return true;
    }
    // The complaint holds numbers and code points only, so nothing of it can be taken for EL.
    context.disableDefaultConstraintViolation();
    context.buildConstraintViolationWithTemplate(complaint).addConstraintViolation();
    return false;
  }
}

package dev.sluice.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.jspecify.annotations.Nullable;

/** Holds {@link Key} against the configured limit. */
@ApplicationScoped
class KeyValidator implements ConstraintValidator<Key, CharSequence> {
  private final KeyLimit limit;

  KeyValidator(KeyLimit limit) {
    this.limit = limit;
  }

  @Override
  public boolean isValid(@Nullable CharSequence value, ConstraintValidatorContext context) {
    var complaint = Keys.complaint(value == null ? null : value.toString(), limit.bytes());
    if (complaint == null) {
      return true;
    }
    // The complaint holds numbers and code points only, so nothing of it can be taken for EL.
    context.disableDefaultConstraintViolation();
    context.buildConstraintViolationWithTemplate(complaint).addConstraintViolation();
    return false;
  }
}

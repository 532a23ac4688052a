package dev.sluice.dedup.store;

/** What is kept of a key. */
public enum KeyForm {
  /**
   * Its 128-bit fingerprint alone, whatever its length. Two keys with the same one would be taken
   * for one: among n keys the chance that there is such a pair is at most n^2 / 2^129, and nobody
   * can search for one without the secret.
   */
  HASHED,

  /** Its fingerprint, by which it is found, and its text, which is compared. */
  VERBATIM
}

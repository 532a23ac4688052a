package dev.sluice.csp;

/**
 * What a channel holds and has carried, at one instant.
 *
 * @param name the channel's name
 * @param capacity the most values it holds; 0 for a rendezvous
 * @param depth the values it holds now
 * @param sent the values accepted since it was made: put into the buffer or handed to a receiver
 * @param received the values that receivers have taken since it was made; {@code sent - received ==
 *     depth}
 * @param waitingSenders the sends that wait for room or a partner, those of selects included
 * @param waitingReceivers the receives that wait for a value, those of selects included
 * @param closed whether it has been closed
 */
public record ChannelStats(
    String name,
    int capacity,
    int depth,
    long sent,
    long received,
    int waitingSenders,
    int waitingReceivers,
    boolean closed) {}

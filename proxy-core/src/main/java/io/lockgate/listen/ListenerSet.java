package io.lockgate.listen;

import io.lockgate.config.model.BindAddress;
import io.lockgate.config.model.ListenerConfig;
import io.lockgate.loop.Loops;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sockets that clients connect to. Follows the configuration address by address: an address
 * that stays keeps its sockets, whatever else changes. Changed by one thread at a time.
 */
public final class ListenerSet {
  private final Loops loops;
  private final ConnectionEntrance entrance;
  private final InheritedSockets inherited;

  /** Never changed once it stands here, since reports are read from any thread. */
  private volatile Map<Place, BoundAddress> bound = new LinkedHashMap<>();

  /**
   * @param inherited what the first preparation takes over instead of binding it
   */
  public ListenerSet(Loops loops, ConnectionEntrance entrance, InheritedSockets inherited) {
    this.loops = loops;
    this.entrance = entrance;
    this.inherited = inherited;
  }

  /**
   * What tells sockets apart: the address alone, so that a listener may get another name, but where
   * the system chooses the port, which it does for each listener.
   */
  private record Place(BindAddress address, String listener) {
    static Place of(ListenerConfig listener) {
      return new Place(listener.address(), listener.address().port() == 0 ? listener.name() : "");
    }

    /** Written out as every start comes here: what Java makes of a record is made at run time. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Place place
          && address.equals(place.address)
          && listener.equals(place.listener);
    }

    @Override
    public int hashCode() {
      return address.hashCode() * 31 + listener.hashCode();
    }
  }

  /** Sockets bound for a generation that is not published yet. */
  public final class Preparation {
    private final List<ListenerConfig> wanted;
    private final Map<Place, BoundAddress> added;

    private Preparation(List<ListenerConfig> wanted, Map<Place, BoundAddress> added) {
      this.wanted = wanted;
      this.added = added;
    }

    /** Accepts on the new addresses and closes those that are wanted no more. */
    public void follow() {
      Map<Place, BoundAddress> now = new LinkedHashMap<>();
      Map<Place, BoundAddress> all = new LinkedHashMap<>(bound);
      all.putAll(added);
      for (ListenerConfig listener : wanted) {
        BoundAddress address = all.remove(Place.of(listener));
        address.listener(listener.name());
        now.put(Place.of(listener), address);
      }
      bound = now;
      added.values().forEach(BoundAddress::accept);
      all.values().forEach(BoundAddress::close);
    }

    /** The generation does not come about. */
    public void abandon() {
      added.values().forEach(BoundAddress::close);
    }
  }

  /**
   * Binds what {@code wanted} has and the running generation has not. Blocks; not for event loops.
   *
   * @throws BindException naming the first address that cannot be had; nothing is bound then
   */
  public Preparation prepare(List<ListenerConfig> wanted) throws BindException {
    Map<Place, BoundAddress> added = new LinkedHashMap<>();
    try {
      for (ListenerConfig listener : wanted) {
        Place place = Place.of(listener);
        if (!bound.containsKey(place)) {
          added.put(place, adoptOrBind(listener, wanted));
        }
      }
      return new Preparation(wanted, added);
    } catch (BindException e) {
      added.values().forEach(BoundAddress::close);
      throw e;
    }
  }

  private BoundAddress adoptOrBind(ListenerConfig listener, List<ListenerConfig> wanted)
      throws BindException {
    List<ServerChannel> taken = inherited.take(listener, wanted);
    return taken.isEmpty()
        ? BoundAddress.bind(listener.name(), listener.address(), loops, entrance.door())
        : BoundAddress.adopt(listener.name(), listener.address(), taken, loops, entrance.door());
  }

  /** Every socket with the address it was configured with, to be handed to another process. */
  public Map<Channel, InheritedSocket.Configured> sockets() {
    Map<Channel, InheritedSocket.Configured> sockets = new LinkedHashMap<>();
    for (BoundAddress each : bound.values()) {
      var configured = new InheritedSocket.Configured(each.listener(), each.address());
      each.sockets().forEach(socket -> sockets.put(socket, configured));
    }
    return sockets;
  }

  /** Where each listener is bound, with the ports that the system chose. */
  public Map<String, BindAddress> addresses() {
    Map<String, BindAddress> addresses = new LinkedHashMap<>();
    bound.values().forEach(b -> addresses.put(b.listener(), b.localAddress()));
    return addresses;
  }

  /** Accepts no more. */
  public void close() {
    bound.values().forEach(BoundAddress::close);
  }
}

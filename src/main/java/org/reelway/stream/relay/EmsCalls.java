package org.reelway.stream.relay;

import java.util.List;
import java.util.function.Supplier;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.ServerAway;
import org.reelway.stream.supervise.CalledRun;

/** A push or a pull that an EvoStream server does. Each call may wait for it. */
final class EmsCalls implements CalledRun.Calls {
  private final EmsServer server;
  private final EmsOrder order;
  private final EmsMark mark;
  private volatile String config = "";

  EmsCalls(EmsServer server, EmsOrder order, EmsMark mark) {
    this.server = server;
    this.order = order;
    this.mark = mark;
  }

  /** One that goes on already, as after a Reelway that was killed, is taken over where it is what is wanted now. */
  @Override
  public void begin() {
    understood(
        () -> {
          List<EventJson> streams = server.streams();
          List<EventJson> going = ours(streams);
          if (going.size() == 1 && isAsWanted(going.get(0))) {
            config = settings(going.get(0)).text("configId");
          } else {
            server.endAll(streams, mark::isOn);
            EventJson answer = server.call(order.command(), mark.on(order.parameters()));
            config = answer.optionalObject("data").text("configId");
          }
          return null;
        });
  }

  private boolean isAsWanted(EventJson stream) {
    return settings(stream).text(EmsMark.VIA).equals(order.parameters().get(EmsMark.VIA));
  }

  private List<EventJson> ours(List<EventJson> streams) {
    return streams.stream()
        .filter(stream -> stream.has(order.settings()) && mark.isOn(settings(stream)))
        .toList();
  }

  private EventJson settings(EventJson stream) {
    return stream.object(order.settings());
  }

  @Override
  public CalledRun.Answer ask() {
    return understood(
        () -> {
          List<EventJson> found = ours(server.streamsOfLate());
          return found.isEmpty() ? absent() : present(found.get(found.size() - 1));
        });
  }

  private static CalledRun.Answer present(EventJson stream) {
    EventJson video = stream.optionalObject("video");
    EventJson audio = stream.optionalObject("audio");
    long bytes = count(video, "bytesCount") + count(audio, "bytesCount");
    return new CalledRun.Answer(true, count(video, "packetsCount"), bytes, "");
  }

  private static long count(EventJson media, String member) {
    return media.wholePart(member).orElse(0L);
  }

  /** EMS says why with what it was asked for, as long as it keeps that. */
  private CalledRun.Answer absent() {
    for (EventJson asked : server.configs(order.kind())) {
      if (asked.text("configId").equals(config) || mark.isOn(asked)) {
        String says = asked.optionalObject("status").optionalObject("current").text("description");
        return CalledRun.Answer.nothing("EMS says: " + order.withoutSecrets(shortened(says)));
      }
    }
    return CalledRun.Answer.over("EMS has ended it, and does not say why");
  }

  private String shortened(String words) {
    String uri = order.parameters().get("uri");
    String line = words.replace(uri, uri.replaceFirst("^([a-z]+://[^/]*).*$", "$1/...")).replaceAll("\\p{Cntrl}", " ");
    return line.length() > 300 ? line.substring(0, 300) : line;
  }

  @Override
  public void end() {
    understood(() -> server.endAll(mark::isOn));
  }

  /** Whatever is wrong with an answer is the server's fault, and what it says may hold what is secret. */
  private <T> T understood(Supplier<T> call) {
    try {
      return call.get();
    } catch (InputFailure e) {
      throw new DestinationFailure("EMS answers otherwise than it should: " + order.withoutSecrets(e.getMessage()), e);
    } catch (ServerAway e) {
      throw e;
    } catch (DestinationFailure e) {
      throw new DestinationFailure(order.withoutSecrets(e.getMessage()), e);
    }
  }
}

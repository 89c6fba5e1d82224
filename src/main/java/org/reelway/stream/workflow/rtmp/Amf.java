package org.reelway.stream.workflow.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of RTMP's commands (AMF 0): numbers, booleans, texts, objects, lists and null. */
final class Amf {
  private static final int NUMBER = 0;
  private static final int BOOLEAN = 1;
  private static final int TEXT = 2;
  private static final int OBJECT = 3;
  private static final int NULL = 5;
  private static final int UNDEFINED = 6;
  private static final int NAMED_LIST = 8;
  private static final int OBJECT_END = 9;
  private static final int LIST = 10;
  private static final int DATE = 11;
  private static final int LONG_TEXT = 12;
  private static final int DEEPEST = 8;

  private Amf() {}

  /** All values up to the end. @throws IOException they are none */
  static List<Object> read(byte[] bytes, int from) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    List<Object> values = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        values.add(value(in, 0));
      }
    } catch (BufferUnderflowException torn) {
      throw new IOException("a command ends in the middle of a value", torn);
    }
    return values;
  }

  private static Object value(ByteBuffer in, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("a command's values lie deeper than " + DEEPEST);
    }
    int type = in.get();
    return switch (type) {
      case NUMBER -> in.getDouble();
      case BOOLEAN -> in.get() != 0;
      case TEXT -> text(in, in.getShort() & 0xffff);
      case LONG_TEXT -> text(in, in.getInt());
      case OBJECT -> members(in, depth);
      case NAMED_LIST -> {
        in.getInt();
        yield members(in, depth);
      }
      case LIST -> {
        int length = in.getInt();
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
          list.add(value(in, depth + 1));
        }
        yield list;
      }
      case DATE -> {
        double millis = in.getDouble();
        in.getShort();
        yield millis;
      }
      case NULL, UNDEFINED -> null;
      default -> throw new IOException("a command has a value of type " + type);
    };
  }

  private static Map<String, Object> members(ByteBuffer in, int depth) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (true) {
      String name = text(in, in.getShort() & 0xffff);
      if (name.isEmpty() && in.get(in.position()) == OBJECT_END) {
        in.get();
        return members;
      }
      members.put(name, value(in, depth + 1));
    }
  }

  private static String text(ByteBuffer in, int length) throws IOException {
    if (length < 0 || length > in.remaining()) {
      throw new IOException("a command ends in the middle of a text");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** @param values texts, numbers, booleans, maps of such, and null */
  static byte[] write(Object... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object value : values) {
      write(value, out);
    }
    return out.toByteArray();
  }

  private static void write(Object value, ByteArrayOutputStream out) {
    if (value == null) {
      out.write(NULL);
    } else if (value instanceof Number number) {
      out.writeBytes(ByteBuffer.allocate(9).put((byte) NUMBER).putDouble(number.doubleValue()).array());
    } else if (value instanceof Boolean is) {
      out.write(BOOLEAN);
      out.write(is ? 1 : 0);
    } else if (value instanceof Map<?, ?> map) {
      out.write(OBJECT);
      map.forEach((name, of) -> {
        name(name.toString(), out);
        write(of, out);
      });
      out.writeBytes(new byte[] {0, 0, OBJECT_END});
    } else {
      out.write(TEXT);
      name(value.toString(), out);
    }
  }

  private static void name(String text, ByteArrayOutputStream out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes.length >> 8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }
}

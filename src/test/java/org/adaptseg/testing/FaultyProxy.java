package org.adaptseg.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before an HTTP server and passes requests on, except where it is told to do harm. Every
 * request has a connection of its own.
 */
public final class FaultyProxy implements AutoCloseable {
  private static final int LARGEST_HEAD = 1 << 16;

  /** What happens to a request. */
  public enum Fault {
    /** It is passed on. */
    NONE,
    /** Internal error. */
    STATUS_500,
    /** Slow down. */
    STATUS_503,
    /** As with credentials that are no longer valid. */
    STATUS_403,
    /** The connection is reset without an answer. */
    RESET,
    /** No answer comes. */
    STALL,
    /** Half of the answer comes, then the connection is reset. */
    CUT
  }

  /** Decides what happens. */
  @FunctionalInterface
  public interface Faults {
    /**
     * @param method for example {@code GET}
     * @param target path and query, encoded
     */
    Fault at(String method, String target);
  }

  private final ServerSocket listener;
  private final URI upstream;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "faulty-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger harmed = new AtomicInteger();
  private volatile Faults faults = (method, target) -> Fault.NONE;

  private FaultyProxy(ServerSocket listener, URI upstream) {
    this.listener = listener;
    this.upstream = upstream;
  }

  /** Starts before a server, for example {@code http://127.0.0.1:9000}. */
  public static FaultyProxy start(String upstream) {
    try {
      ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
      FaultyProxy proxy = new FaultyProxy(listener, URI.create(upstream));
      proxy.threads.execute(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public String endpoint() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on. */
  public void set(Faults next) {
    faults = next;
  }

  /** Requests that were not passed on whole, since the last call. */
  public int harmed() {
    return harmed.getAndSet(0);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      if (head.isEmpty()) {
        return;
      }
      String[] request = head.substring(0, head.indexOf('\r')).split(" ");
      Fault fault = faults.at(request[0], request[1]);
      if (fault != Fault.NONE) {
        harmed.incrementAndGet();
      }
      switch (fault) {
        case NONE, CUT -> forward(client, head, fault == Fault.CUT);
        case STATUS_500 -> refuse(client, "500 Internal Server Error", "InternalError");
        case STATUS_503 -> refuse(client, "503 Service Unavailable", "SlowDown");
        case STATUS_403 -> refuse(client, "403 Forbidden", "ExpiredToken");
        case RESET -> client.setSoLinger(true, 0);
        case STALL -> drain(client);
      }
    } catch (IOException e) {
      // Either side has gone, which is what this is for.
    } finally {
      open.remove(client);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (head.size() < LARGEST_HEAD) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.write(next);
      last = last << 8 | next;
      if (last == 0x0D0A0D0A) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    throw new IOException("a head without end");
  }

  private static void refuse(Socket client, String status, String code) throws IOException {
    String body = "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>by test</Message></Error>";
    String text = body.formatted(code);
    String answer =
        "HTTP/1.1 %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(status, text.length(), text);
    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    client.shutdownOutput();
    // A connection that is closed with unread bytes is reset, and the answer with it.
    drain(client);
  }

  private static void drain(Socket client) throws IOException {
    byte[] buffer = new byte[1 << 13];
    InputStream in = client.getInputStream();
    while (in.read(buffer) >= 0) {
      // until the other side ends it
    }
  }

  private void forward(Socket client, String head, boolean cut) throws IOException {
    // One request a connection: where an answer ends need not be understood.
    String closing =
        head.replaceAll("(?i)\r\nConnection:[^\r]*", "")
            .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
    try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
      open.add(server);
      server.getOutputStream().write(closing.getBytes(StandardCharsets.ISO_8859_1));
      server.getOutputStream().flush();
      threads.execute(() -> pump(client, server));
      if (!cut) {
        server.getInputStream().transferTo(client.getOutputStream());
        client.shutdownOutput();
        return;
      }
      byte[] answer = server.getInputStream().readAllBytes();
      client.getOutputStream().write(Arrays.copyOf(answer, answer.length / 2));
      client.getOutputStream().flush();
      client.setSoLinger(true, 0);
      open.remove(server);
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      from.getInputStream().transferTo(out);
    } catch (IOException e) {
      // Either side has gone.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}

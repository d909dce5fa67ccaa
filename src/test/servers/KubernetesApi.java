import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * An API server of Kubernetes that stores what it is given and tells watchers: fabric8's, without
 * TLS, on a free port of the loopback address. It checks no rights and no schema, and starts
 * nothing.
 *
 * <p>Started from source: {@code java -cp 'target/kubernetes-server/*:target/spark-home/jars/*'
 * KubernetesApi.java}. Prints READY and its URL; ends when standard input does.
 */
public final class KubernetesApi {
  private KubernetesApi() {}

  public static void main(String[] arguments) throws Exception {
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(), false);
    server.init(InetAddress.getByName("127.0.0.1"), 0);
    System.out.println("READY " + server.url("/"));
    while (System.in.read() >= 0) {
      // until whoever started this ends
    }
    Runtime.getRuntime().halt(0);
  }

  /** What Spark needs and fabric8's dispatcher lacks. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    Dispatcher() {
      super(List.of());
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String type = request.getHeader("Content-Type");
      if (request.getMethod().equals("PATCH")
          && type != null
          && type.startsWith("application/apply-patch")) {
        return apply(request);
      }
      String path = withoutQuery(request.getPath());
      if (request.getMethod().equals("POST") && path.endsWith("/pods")) {
        return createPod(request);
      }
      return super.dispatch(request);
    }

    /** Server-side apply, by which Spark 3.5 creates: there is only replacing and creating here. */
    private MockResponse apply(RecordedRequest request) {
      String path = withoutQuery(request.getPath());
      String body = Serialization.asJson(object(request));
      boolean isNew =
          super.dispatch(copy("GET", path, request.getHeaders(), "")).getStatus().contains(" 404");
      Headers json =
          request.getHeaders().newBuilder().set("Content-Type", "application/json").build();
      return super.dispatch(
          isNew
              ? copy("POST", path.substring(0, path.lastIndexOf('/')), json, body)
              : copy("PUT", path, json, body));
    }

    /** A new pod has a phase. Spark's view of its executors relies on that. */
    private MockResponse createPod(RecordedRequest request) {
      Map<String, Object> pod = object(request);
      pod.put("status", Map.of("phase", "Pending"));
      return super.dispatch(
          copy("POST", request.getPath(), request.getHeaders(), Serialization.asJson(pod)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(RecordedRequest request) {
      return Serialization.unmarshal(request.getBody().clone().readUtf8(), Map.class);
    }

    private static String withoutQuery(String path) {
      return path.replaceAll("\\?.*", "");
    }

    private static RecordedRequest copy(String method, String path, Headers headers, String body) {
      Buffer buffer = new Buffer().writeUtf8(body);
      return new RecordedRequest(
          method + " " + path + " HTTP/1.1",
          headers,
          List.of(),
          buffer.size(),
          buffer,
          0,
          new Socket());
    }
  }
}

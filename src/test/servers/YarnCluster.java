import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A YARN cluster on this machine: Hadoop's own resource manager and two node managers, which start
 * containers as processes. All of it listens on the loopback address, on free ports.
 *
 * <p>Started from source, with Hadoop's daemons on the class path: {@code java -cp
 * 'target/yarn-server/*' YarnCluster.java CONF}. Writes the client's configuration to the directory
 * CONF, then prints READY. Containers' logs are below the working directory. Ends when standard
 * input does.
 */
public final class YarnCluster {
  private static final int NODES = 2;
  private static final int CONNECT_MILLIS = 60_000;

  private YarnCluster() {}

  public static void main(String[] arguments) throws Exception {
    Path client = Files.createDirectories(Path.of(arguments[0]));
    try (MiniYARNCluster cluster = new MiniYARNCluster("yarn", NODES, 1, 1)) {
      cluster.init(configuration());
      cluster.start();
      if (!cluster.waitForNodeManagersToConnect(CONNECT_MILLIS)) {
        throw new IllegalStateException("Cannot start YARN: its nodes did not connect");
      }
      write(client, cluster.getConfig());
      System.out.println("READY");
      while (System.in.read() >= 0) {
        // until whoever started this ends
      }
    } finally {
      // Threads of Hadoop's would keep the process, also after a failure.
      Runtime.getRuntime().halt(0);
    }
  }

  private static YarnConfiguration configuration() {
    String loopback = "127.0.0.1";
    YarnConfiguration yarn = new YarnConfiguration();
    yarn.set("fs.defaultFS", "file:///");
    yarn.set("yarn.resourcemanager.hostname", loopback);
    yarn.set("yarn.resourcemanager.bind-host", loopback);
    yarn.set("yarn.nodemanager.hostname", loopback);
    yarn.set("yarn.nodemanager.bind-host", loopback);
    yarn.setInt("yarn.scheduler.minimum-allocation-mb", 256);
    yarn.setInt("yarn.nodemanager.resource.memory-mb", 4096);
    yarn.setInt("yarn.nodemanager.resource.cpu-vcores", 4);
    // The JVM's native threads and libraries count as virtual memory, and a full disk is no news.
    yarn.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    yarn.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    yarn.setBoolean("yarn.nodemanager.disk-health-checker.enable", false);
    yarn.setInt("yarn.nodemanager.delete.debug-delay-sec", 3600);
    yarn.set("yarn.scheduler.capacity.root.queues", "default");
    yarn.set("yarn.scheduler.capacity.root.default.capacity", "100");
    yarn.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.9");
    yarn.set(
        "yarn.scheduler.capacity.resource-calculator",
        "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
    return yarn;
  }

  /** The ports are known only now. */
  private static void write(Path client, Configuration yarn) throws IOException {
    Files.writeString(
        client.resolve("core-site.xml"),
        "<configuration><property><name>fs.defaultFS</name><value>file:///</value></property>"
            + "</configuration>");
    Path part = client.resolve("yarn-site.xml.part");
    try (OutputStream out = Files.newOutputStream(part)) {
      new Configuration(yarn).writeXml(out);
    }
    Files.move(part, client.resolve("yarn-site.xml"), StandardCopyOption.ATOMIC_MOVE);
  }
}

package dev.petrel.guarantees.storm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between one gateway and the broker. It can go silent, as a cable that was pulled, or close everything. */
final class TcpProxy implements AutoCloseable {
    private enum Way {
        OPEN,
        SILENT,
        CLOSED
    }

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private Way way = Way.OPEN;

    /** @param target port of the broker's own listener for those who come this way */
    TcpProxy(int port, int target) throws IOException {
        this.server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        this.target = target;
        start("proxy", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    synchronized void open() {
        way = Way.OPEN;
        notifyAll();
    }

    /** What is on its way stays there until it is open again. */
    synchronized void silence() {
        way = Way.SILENT;
    }

    /** Closes what there is, and whatever comes. */
    synchronized void cut() {
        way = Way.CLOSED;
        sockets.forEach(TcpProxy::close);
        notifyAll();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                sockets.add(near);
                start("proxy-connect", () -> connect(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        sockets.add(far);
        if (!awaitOpen()) {
            closeBoth(near, far);
            return;
        }
        try {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
        } catch (IOException noBroker) {
            closeBoth(near, far);
            return;
        }
        start("proxy-there", () -> pump(near, far));
        pump(far, near);
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[16 << 10];
        try {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0 && awaitOpen();
                    read = from.getInputStream().read(buffer)) {
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException broken) {
            // so is the other half
        }
        closeBoth(from, to);
    }

    /** False once everything is closed. */
    private synchronized boolean awaitOpen() {
        try {
            while (way == Way.SILENT) {
                wait();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
        return way == Way.OPEN;
    }

    private void closeBoth(Socket one, Socket other) {
        close(one);
        close(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // all the better
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}

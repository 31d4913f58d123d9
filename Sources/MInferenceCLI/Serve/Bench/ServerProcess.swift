#if Server
    import Compute
    import Glibc

    /// A server of this binary in a process of its own.
    final class ServerProcess: Sendable {
        let port: Int
        /// The file with what it logs.
        let log: String
        private let process: pid_t

        /// Starts `serve` with `arguments` and waits until it listens.
        init(arguments: [String]) async throws(BenchError) {
            guard let (log, descriptor) = TemporaryPath.makeFile() else {
                throw BenchError(description: "cannot make the file \(TemporaryPath.standard)-*")
            }
            defer { close(descriptor) }
            let all = ["minference", "serve", "--port", "0"] + arguments
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, descriptor, STDERR_FILENO)
            let pointers = all.map { strdup($0) } + [nil]
            defer { for pointer in pointers { free(pointer) } }
            var process = pid_t()
            let status = posix_spawn(&process, "/proc/self/exe", &actions, nil, pointers, environ)
            guard status == 0 else {
                throw BenchError(description: "cannot start the server: \(String(cString: strerror(status)))")
            }
            self.log = log
            self.process = process
            port = try await Self.port(in: log, of: process)
        }

        private static func port(in log: String, of process: pid_t) async throws(BenchError) -> Int {
            for _ in 0..<1200 {
                let lines = Self.read(log).split(separator: "\n")
                if let line = lines.first(where: { $0.hasPrefix("serving ") }),
                    let address = line.split(separator: " ").first(where: { $0.hasPrefix("http://") }),
                    let port = address.split(separator: ":").last.flatMap({ Int($0) })
                {
                    return port
                }
                var status: Int32 = 0
                if waitpid(process, &status, WNOHANG) == process { break }
                try? await Task.sleep(for: .milliseconds(50))
            }
            throw BenchError(description: "the server did not start; its log is \(log)")
        }

        /// Resident bytes, open files and threads.
        var resources: (residentBytes: Int, files: Int, threads: Int) {
            let lines = Self.read("/proc/\(process)/status").split(separator: "\n")
            func number(_ name: String) -> Int {
                let line = lines.first { $0.hasPrefix(name) } ?? ""
                return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
            }
            var files = 0
            if let folder = opendir("/proc/\(process)/fd") {
                while readdir(folder) != nil { files += 1 }
                closedir(folder)
            }
            return (number("VmRSS:") << 10, files - 2, number("Threads:"))
        }

        /// Sends a signal and waits for the end; returns the exit status, or nil when a signal ended it.
        @discardableResult
        func stop(_ signal: Int32 = SIGTERM) -> Int? {
            Glibc.kill(process, signal)
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            return status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : nil
        }

        /// Ends it at once, as a crash would.
        func kill() { stop(SIGKILL) }

        /// The lines that it logged so far.
        var logLines: [Substring] { Self.read(log).split(separator: "\n") }

        /// Removes what it logged.
        func removeLog() { unlink(log) }

        private static func read(_ path: String) -> String {
            guard let file = fopen(path, "r") else { return "" }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = fread(&bytes, 1, bytes.count, file)
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    /// Why a measurement could not be taken.
    struct BenchError: Error, CustomStringConvertible {
        let description: String
    }
#endif

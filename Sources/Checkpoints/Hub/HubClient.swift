#if canImport(Glibc)
    // C's global variables, of which `environ` is one, are not known to be safe; nothing here changes it.
    @preconcurrency import Glibc
#elseif canImport(Musl)
    @preconcurrency import Musl
#else
    @preconcurrency import Darwin
#endif

/// The user's own client of the Hugging Face hub, which downloads into the cache that models are looked up in.
///
/// This package has no network code: the client knows mirrors, tokens and proxies, and goes on with a download that was
/// broken off.
public struct HubClient: Sendable {
    /// The files of a checkpoint that are of use here, by the client's patterns. Each is a run of its own: how several are
    /// given differs between versions of the client.
    private static let patterns = ["*.json", "*.jinja", "tokenizer.model", "*.safetensors"]

    /// The client's path.
    public let path: String

    /// Finds `hf`, or its older name `huggingface-cli`, in the folders of a `PATH`.
    public init(searching folders: String? = getenv("PATH").map { String(cString: $0) }) throws(HubError) {
        for name in ["hf", "huggingface-cli"] {
            for folder in (folders ?? "").split(separator: ":") {
                let path = FileSystem.join(String(folder), name)
                if FileSystem.isFile(path), access(path, X_OK) == 0 {
                    self.path = path
                    return
                }
            }
        }
        throw .noClient
    }

    /// Downloads what is missing of a model. What the client prints goes to standard error.
    ///
    /// - Parameters:
    ///   - name: `ORG/NAME`.
    ///   - revision: A branch, tag or commit; nil for the main branch.
    public func download(_ name: String, revision: String?) throws(HubError) {
        guard ModelDirectory.isRepositoryName(name), !name.hasPrefix("-") else { throw .badName(name) }
        for pattern in Self.patterns {
            var arguments = ["download", name, "--include", pattern]
            if let revision { arguments += ["--revision", revision] }
            try run(arguments)
        }
    }

    private func run(_ arguments: [String]) throws(HubError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        var pointers = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, path, &actions, nil, &pointers, environ)
        guard failure == 0 else {
            throw .cannotStart(client: path, reason: String(cString: strerror(failure)))
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else {
                throw .cannotStart(client: path, reason: String(cString: strerror(errno)))
            }
        }
        // The macros of wait(2) are not imported: the low seven bits are a signal, the next eight the exit status.
        let signal = status & 0x7F
        let exit = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        guard exit == 0 else { throw .clientFailed(client: path, status: exit) }
    }
}

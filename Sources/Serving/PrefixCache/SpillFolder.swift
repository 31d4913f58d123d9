import MInference
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder with pieces in files, which outlive the process; written in the background, checked when they are read.
package final class SpillFolder: Sendable {
    /// What the folder held and did.
    package struct Statistics: Sendable, Equatable {
        /// Bytes of all files.
        package var bytes = 0
        /// Files that were written.
        package var writes = 0
        /// Files that were read and used.
        package var reads = 0
        /// Files that were dropped because they were damaged.
        package var damaged = 0
        /// Pieces that could not be written.
        package var failures = 0
    }

    private struct File {
        let bytes: Int
        var lastUse: UInt64
    }

    private struct State {
        var files: [PrefixKey: File] = [:]
        var clock: UInt64 = 0
        var pending = 0
        /// No piece is written before this moment: the disk was full.
        var pausedUntil: ContinuousClock.Instant?
        var statistics = Statistics()
    }

    /// Pieces that may wait to be written; more are not written.
    private static let pendingLimit = 64
    /// How long a full disk is left alone.
    private static let pause = Duration.seconds(60)

    private let path: String
    private let capacity: Int
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let queue: AsyncStream<(PrefixKey, KVPiece)>.Continuation

    /// Uses the folder at `path`, which is made if it is not there, for files of up to `capacity` bytes together.
    ///
    /// - Parameter log: told, in one line each, what could not be written and what was damaged.
    /// - Throws: a line that says why the folder cannot be used.
    package init(path: String, capacity: Int, log: @escaping @Sendable (String) -> Void) throws {
        self.path = path
        self.capacity = capacity
        self.log = log
        let (stream, queue) = AsyncStream<(PrefixKey, KVPiece)>.makeStream()
        self.queue = queue
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw PieceFile.SystemError(call: "cannot make the cache folder \(path)", number: errno)
        }
        try scan()
        Task(priority: .utility) { [weak self] in
            for await (key, piece) in stream { self?.store(key, piece) }
        }
    }

    deinit { queue.finish() }

    /// What the folder held and did.
    package var statistics: Statistics { state.withLock { $0.statistics } }

    /// Whether pieces wait to be written.
    package var isBusy: Bool { state.withLock { $0.pending > 0 } }

    /// Whether there is a file of this name; it may prove damaged.
    func contains(_ key: PrefixKey) -> Bool { state.withLock { $0.files[key] != nil } }

    /// The piece of this name, if there is a sound file of it; a damaged one is removed.
    func read(_ key: PrefixKey) -> KVPiece? {
        guard state.withLock({ $0.files[key] != nil }) else { return nil }
        do {
            guard let piece = try PieceFile.load(path(of: key), key: key) else {
                forget(key)
                return nil
            }
            state.withLock { state in
                state.clock += 1
                state.files[key]?.lastUse = state.clock
                state.statistics.reads += 1
            }
            return piece
        } catch {
            log("dropping the cached file \(path(of: key)): \(error)")
            unlink(path(of: key))
            forget(key)
            state.withLock { $0.statistics.damaged += 1 }
            return nil
        }
    }

    /// Writes a piece some time soon, unless it is there, too many wait, or the disk was full a moment ago.
    func write(_ key: PrefixKey, _ piece: KVPiece) {
        let isWanted = state.withLock { state in
            guard state.files[key] == nil, state.pending < Self.pendingLimit,
                PieceFile.byteCount(ofPiece: piece.byteCount) <= capacity,
                state.pausedUntil.map({ $0 < .now }) ?? true
            else { return false }
            state.pending += 1
            return true
        }
        if isWanted { queue.yield((key, piece)) }
    }

    private func store(_ key: PrefixKey, _ piece: KVPiece) {
        defer { state.withLock { $0.pending -= 1 } }
        let bytes = PieceFile.byteCount(ofPiece: piece.byteCount)
        for old in makeRoom(bytes) { unlink(path(of: old)) }
        do {
            try PieceFile.store(
                piece, key: key, to: path(of: key), temporary: "\(path)/\(key)\(Self.temporarySuffix)")
            state.withLock { state in
                state.clock += 1
                state.files[key] = File(bytes: bytes, lastUse: state.clock)
                state.statistics.bytes += bytes
                state.statistics.writes += 1
            }
        } catch {
            let isFull = (error as? PieceFile.SystemError)?.isFull ?? false
            log(
                "cannot keep a piece of the prefix cache in \(path): \(error); memory still has it"
                    + (isFull ? ", the folder is left alone for a minute" : ""))
            state.withLock { state in
                state.statistics.failures += 1
                if isFull { state.pausedUntil = .now + Self.pause }
            }
        }
    }

    /// The files to remove, least recently used first, so that `bytes` more fit.
    private func makeRoom(_ bytes: Int) -> [PrefixKey] {
        state.withLock { state in
            var removed: [PrefixKey] = []
            while state.statistics.bytes + bytes > capacity,
                let oldest = state.files.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.files[oldest.key] = nil
                state.statistics.bytes -= oldest.value.bytes
                removed.append(oldest.key)
            }
            return removed
        }
    }

    private func forget(_ key: PrefixKey) {
        state.withLock { state in
            guard let file = state.files.removeValue(forKey: key) else { return }
            state.statistics.bytes -= file.bytes
        }
    }

    // MARK: Names

    private static let suffix = ".kv"
    private static let temporarySuffix = ".kv.part"

    private func path(of key: PrefixKey) -> String { "\(path)/\(key)\(Self.suffix)" }

    /// Finds the files of earlier processes, and removes what one did not finish.
    private func scan() throws {
        guard let folder = opendir(path) else {
            throw PieceFile.SystemError(call: "cannot read the cache folder \(path)", number: errno)
        }
        defer { closedir(folder) }
        var found: [(key: PrefixKey, bytes: Int, used: (Int, Int))] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(Self.temporarySuffix) { unlink("\(path)/\(name)") }
            guard name.hasSuffix(Self.suffix),
                let key = PrefixKey(hexadecimal: name.dropLast(Self.suffix.count))
            else { continue }
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0 else { continue }
            found.append((key, Int(status.st_size), (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)))
        }
        state.withLock { state in
            for file in found.sorted(by: { $0.used < $1.used }) {
                state.clock += 1
                state.files[file.key] = File(bytes: file.bytes, lastUse: state.clock)
                state.statistics.bytes += file.bytes
            }
        }
    }
}

extension PrefixKey {
    /// The name that 64 hexadecimal digits write; nil for anything else.
    init?(hexadecimal text: some StringProtocol) {
        let digits = text.compactMap(\.hexDigitValue)
        guard text.utf8.count == 64, digits.count == 64 else { return nil }
        self.init(
            bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}

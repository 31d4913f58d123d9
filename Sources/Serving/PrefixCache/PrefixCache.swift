import MInference
import Synchronization

/// Keys and values of the beginnings of prompts, shared by all requests, the least recently used dropped first.
package final class PrefixCache: Sendable {
    /// What the cache held and did.
    package struct Statistics: Sendable, Equatable {
        /// Bytes in memory.
        package var bytes = 0
        /// Pieces in memory.
        package var pieces = 0
        /// Pieces that were dropped for others.
        package var evictions = 0

        /// Of an empty cache.
        package init() {}
    }

    private struct Entry {
        let piece: KVPiece
        /// When it was used last; a chain's beginning is never older than its end.
        var lastUse: UInt64
    }

    private struct State {
        var entries: [PrefixKey: Entry] = [:]
        var clock: UInt64 = 0
        var statistics = Statistics()
    }

    /// The most bytes that it keeps.
    package let capacity: Int
    private let spill: SpillFolder?
    private let state = Mutex(State())

    /// An empty cache for `capacity` bytes, with pieces written to `spill`, too, and read from there.
    package init(capacity: Int, spill: SpillFolder? = nil) {
        self.capacity = capacity
        self.spill = spill
    }

    /// What the cache held and did.
    package var statistics: Statistics { state.withLock { $0.statistics } }

    /// Whether the piece of this name is in memory.
    package func contains(_ key: PrefixKey) -> Bool { state.withLock { $0.entries[key] != nil } }

    /// How many pieces of a chain's beginning are here, in memory or in the spill folder.
    package func count(of chain: [PrefixKey]) -> Int {
        chain.prefix { contains($0) || spill?.contains($0) == true }.count
    }

    /// Adds a piece whose chain's beginning is here; pieces that do not fit at all are not kept.
    package func insert(_ piece: KVPiece, chain: ArraySlice<PrefixKey>) {
        guard let key = chain.last else { return }
        // First, so that room is not made at the expense of the chain's own beginning.
        touch(chain.dropLast())
        keep(key, piece)
        touch(chain)
        spill?.write(key, piece)
    }

    /// The last piece of a chain's beginning; from the spill folder when memory has none.
    ///
    /// Whoever is through with a chain marks it as used with `touch`.
    package func piece(_ chain: ArraySlice<PrefixKey>) -> KVPiece? {
        guard let key = chain.last else { return nil }
        if let piece = state.withLock({ $0.entries[key]?.piece }) { return piece }
        guard let piece = spill?.read(key) else { return nil }
        // First, as in `insert`.
        touch(chain.dropLast())
        keep(key, piece)
        return piece
    }

    private func keep(_ key: PrefixKey, _ piece: KVPiece) {
        guard piece.byteCount <= capacity else { return }
        let dropped = state.withLock { state -> [KVPiece] in
            guard state.entries[key] == nil else { return [] }
            var dropped: [KVPiece] = []
            while state.statistics.bytes + piece.byteCount > capacity,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
                state.statistics.bytes -= oldest.value.piece.byteCount
                state.statistics.evictions += 1
                dropped.append(oldest.value.piece)
            }
            state.clock += 1
            state.entries[key] = Entry(piece: piece, lastUse: state.clock)
            state.statistics.bytes += piece.byteCount
            state.statistics.pieces = state.entries.count
            return dropped
        }
        // Freed here, outside the lock.
        withExtendedLifetime(dropped) {}
    }

    /// Marks a chain as used, its end first, so that beginnings are dropped last.
    package func touch(_ chain: some BidirectionalCollection<PrefixKey>) {
        state.withLock { state in
            for key in chain.reversed() {
                state.clock += 1
                state.entries[key]?.lastUse = state.clock
            }
        }
    }
}

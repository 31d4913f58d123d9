import Compute

/// The rotary tables that a device holds copies of.
final class RotaryTables {
    /// A table's two parts in device memory.
    struct Copy {
        let coarse: DeviceMemory
        let fine: DeviceMemory
    }

    /// A model has one table at a time; a second one serves a draft model or a longer sequence.
    private static let limit = 4
    /// Last used last. The host's table is kept so that its identity stays its own.
    private var entries: [(table: RotaryTable, copy: Copy)] = []

    /// The copy of `table`, uploaded on first use.
    func copy(of table: RotaryTable, on backend: CUDABackend) throws(ComputeError) -> Copy {
        if let last = entries.last, last.table === table { return last.copy }
        if let place = entries.firstIndex(where: { $0.table === table }) {
            let entry = entries.remove(at: place)
            entries.append(entry)
            return entry.copy
        }
        let copy = Copy(coarse: try backend.upload(table.coarse), fine: try backend.upload(table.fine))
        if entries.count == Self.limit { entries.removeFirst() }
        entries.append((table, copy))
        return copy
    }
}

import CPUKernels
import Compute

/// The intermediate arrays of an estimate of several heads, cut into segments of keys that threads share.
final class EstimateWorkspace {
    /// Segments of each head.
    let segments: Int
    private let heads: Int
    private let keyCount: Int
    private let segment: Int
    private let panels: Int
    private let rows = Int(MI_ESTIMATE_ROWS)
    private let storage: DeviceMemory
    private let exponentialBase: UnsafeMutablePointer<UInt16>
    private let maximaBase: UnsafeMutablePointer<Float>
    private let sumBase: UnsafeMutablePointer<Float>
    private let maximumBase: UnsafeMutablePointer<Float>
    private let inverseBase: UnsafeMutablePointer<Float>
    private let columnBase: UnsafeMutablePointer<Float>
    private let distanceBase: UnsafeMutablePointer<Float>
    private let partBase: UnsafeMutablePointer<Float>

    /// Arrays for `heads` heads over `keyCount` keys in segments of `segment` keys, in memory that `backend` keeps; one
    /// workspace at a time.
    init(heads: Int, keyCount: Int, segment: Int, backend: CPUBackend) throws {
        self.heads = heads
        self.keyCount = keyCount
        self.segment = segment
        segments = (keyCount + segment - 1) / segment
        panels = (keyCount + Int(MI_ESTIMATE_KEYS) - 1) / Int(MI_ESTIMATE_KEYS)
        let floats = Self.floats(heads: heads, keyCount: keyCount, segment: segment)
        storage = try backend.workspace(byteCount: floats.reduce(0, +) * 4)
        var next = UnsafeMutablePointer<Float>(bitPattern: storage.address)!
        var parts: [UnsafeMutablePointer<Float>] = []
        for count in floats {
            parts.append(next)
            next += count
        }
        exponentialBase = UnsafeMutableRawPointer(parts[0]).assumingMemoryBound(to: UInt16.self)
        maximaBase = parts[1]
        sumBase = parts[2]
        maximumBase = parts[3]
        inverseBase = parts[4]
        columnBase = parts[5]
        distanceBase = parts[6]
        partBase = parts[7]
    }

    /// The bytes of all arrays.
    static func byteCount(heads: Int, keyCount: Int, segment: Int) -> Int {
        floats(heads: heads, keyCount: keyCount, segment: segment).reduce(0, +) * 4
    }

    /// The sizes of the arrays, in order, in words of 4 bytes.
    private static func floats(heads: Int, keyCount: Int, segment: Int) -> [Int] {
        let rows = Int(MI_ESTIMATE_ROWS)
        let segments = (keyCount + segment - 1) / segment
        let panels = (keyCount + Int(MI_ESTIMATE_KEYS) - 1) / Int(MI_ESTIMATE_KEYS)
        return [
            heads * keyCount * rows / 2, heads * panels * rows, heads * segments * rows, heads * rows,
            heads * rows, heads * keyCount, heads * keyCount, heads * segments * (segment + rows),
        ]
    }

    /// The keys of a segment.
    func keys(segment number: Int) -> Range<Int> { number * segment..<min(keyCount, (number + 1) * segment) }

    func exponentials(_ head: Int, _ key: Int) -> UnsafeMutablePointer<UInt16> {
        exponentialBase + (head * keyCount + key) * rows
    }

    func maxima(_ head: Int, _ key: Int) -> UnsafeMutablePointer<Float> {
        maximaBase + (head * panels + key / Int(MI_ESTIMATE_KEYS)) * rows
    }

    func sums(_ head: Int, _ segment: Int) -> UnsafeMutablePointer<Float> {
        sumBase + (head * segments + segment) * rows
    }

    func maximum(_ head: Int) -> UnsafeMutablePointer<Float> { maximumBase + head * rows }
    func inverseSum(_ head: Int) -> UnsafeMutablePointer<Float> { inverseBase + head * rows }
    func columns(_ head: Int) -> UnsafeMutablePointer<Float> { columnBase + head * keyCount }

    func segmentDistances(_ head: Int, _ segment: Int) -> UnsafeMutablePointer<Float> {
        partBase + (head * segments + segment) * (self.segment + rows)
    }

    /// The sums of a segment along diagonals, zero to begin with.
    func clearedDistances(_ head: Int, _ segment: Int) -> UnsafeMutablePointer<Float> {
        let sums = segmentDistances(head, segment)
        sums.update(repeating: 0, count: self.segment + rows)
        return sums
    }

    /// Brings the segments' maxima and sums together: each row's maximum over all keys and one over its total.
    func reduceSegments(rows used: Int) {
        for head in 0..<heads {
            for row in 0..<rows {
                guard row < used else {
                    maximum(head)[row] = 0
                    inverseSum(head)[row] = 0
                    continue
                }
                let last = (0..<segments).map { maxima(head, keys(segment: $0).upperBound - 1)[row] }
                let top = last.max() ?? 0
                var total: Float = 0
                for (number, maximum) in last.enumerated() {
                    total += sums(head, number)[row] * mi_exp2(maximum - top)
                }
                maximum(head)[row] = top
                inverseSum(head)[row] = 1 / total
            }
        }
    }

    /// Adds the distance sums of a head's segments into one list; negative distances are empty and dropped.
    func mergeDistances(_ head: Int, firstPosition: Int) {
        let distances = distanceBase + head * keyCount
        distances.update(repeating: 0, count: keyCount)
        for number in 0..<segments {
            let keys = keys(segment: number)
            let part = segmentDistances(head, number)
            let base = firstPosition - keys.upperBound + 1
            let low = max(0, -base)
            let high = min(keys.count + rows - 1, keyCount - base)
            if low < high { for index in low..<high { distances[base + index] += part[index] } }
        }
    }

    /// The finished sums of every head.
    func estimates(rows used: Int) -> [LineEstimate] {
        (0..<heads).map { head in
            LineEstimate(
                columns: UnsafeBufferPointer(start: columns(head), count: keyCount),
                distances: UnsafeBufferPointer(start: distanceBase + head * keyCount, count: keyCount),
                rows: used)
        }
    }
}

import Compute
import SparseAttention

/// A matrix that is stored in few bits, as fp32 numbers.
final class WidenedMatrix: Sendable {
    private let address: UInt
    private let count: Int

    private init(count: Int) {
        self.count = count
        // Zeros on pages that are touched when they are written.
        address = UInt(
            bitPattern: UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64))
    }

    deinit { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }

    private var numbers: UnsafeMutablePointer<Float> {
        UnsafeMutablePointer(bitPattern: address)!
    }

    /// A matrix of `shape`, outputs and inputs, whose rows `fill` writes; rows are filled by several threads at once.
    static func tensor(
        _ name: String, shape: [Int],
        fill: @Sendable (_ row: Int, _ numbers: UnsafeMutablePointer<Float>) -> Void
    ) -> HostTensor {
        let (rows, columns) = (shape[0], shape[1])
        let matrix = WidenedMatrix(count: rows * columns)
        // Some thousand numbers are worth a thread's while.
        let grain = max(1, (1 << 15) / max(columns, 1))
        _ = Array(stride(from: 0, to: rows, by: grain)).parallelMap { first in
            for row in first..<min(first + grain, rows) { fill(row, matrix.numbers + row * columns) }
        }
        return HostTensor(
            name: name, dtype: .float32, shape: shape,
            bytes: UnsafeRawBufferPointer(start: matrix.numbers, count: rows * columns * 4), owner: matrix)
    }
}

/// Memory that threads only read while its owner lives.
struct SharedPointer<Element>: @unchecked Sendable {
    private let pointer: UnsafePointer<Element>

    init(_ pointer: UnsafePointer<Element>) { self.pointer = pointer }

    /// The same memory from `count` elements on.
    func advanced(by count: Int) -> SharedPointer { SharedPointer(pointer + count) }

    subscript(index: Int) -> Element {
        @inline(__always) get { pointer[index] }
    }
}

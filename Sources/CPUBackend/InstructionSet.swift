import CPUKernels
import Compute

/// A level of processor instructions that the CPU kernels are compiled for.
public struct InstructionSet: Sendable, Hashable, CustomStringConvertible {
    package let level: mi_isa

    /// x86-64's baseline: 4 fp32 lanes.
    public static let sse2 = Self(level: MI_ISA_SSE2)
    /// AVX2 with FMA and F16C: 8 lanes.
    public static let avx2 = Self(level: MI_ISA_AVX2)
    /// AVX-512 F, BW, DQ and VL: 16 lanes.
    public static let avx512 = Self(level: MI_ISA_AVX512)
    /// AVX-512 with the bf16 dot product.
    public static let avx512bf16 = Self(level: MI_ISA_AVX512_BF16)
    /// arm64's baseline: 4 lanes.
    public static let neon = Self(level: MI_ISA_NEON)
    /// NEON with the bf16 dot product.
    public static let neonbf16 = Self(level: MI_ISA_NEON_BF16)

    private static let all = [sse2, avx2, avx512, avx512bf16, neon, neonbf16]

    /// The levels that this processor can run, lowest first.
    public static var available: [Self] { all.filter { mi_isa_available($0.level) } }
    /// The highest level that this processor can run.
    public static var best: Self { Self(level: mi_isa_best()) }

    /// Whether pairs of bf16 multiply natively; other levels widen them to fp32.
    public var hasBF16Dot: Bool { mi_isa_has_bf16_dot(level) }
    /// The name that `MINFERENCE_ISA` takes, e.g. `avx512bf16`.
    public var description: String { String(cString: mi_isa_name(level)) }

    private init(level: mi_isa) { self.level = level }

    /// The level called `name`.
    ///
    /// - Throws: `ComputeError.deviceUnavailable` when there is no such level or this processor lacks it.
    public init(named name: String) throws(ComputeError) {
        let choices = "choose one of " + Self.available.map(\.description).joined(separator: ", ")
        guard let found = Self.all.first(where: { $0.description == name }) else {
            throw .deviceUnavailable(.cpu, reason: "there is no instruction set \"\(name)\"; \(choices)")
        }
        guard mi_isa_available(found.level) else {
            throw .deviceUnavailable(.cpu, reason: "this processor lacks \(name); \(choices)")
        }
        self = found
    }
}

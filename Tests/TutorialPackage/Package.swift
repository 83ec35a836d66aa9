// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "RegisterLab",
  dependencies: [.package(name: "CrashProof", path: "../..")],
  targets: [
    .target(
      name: "MirroredRegister",
      dependencies: [
        .product(name: "SimulationKernel", package: "CrashProof"),
        .product(name: "LinearizabilityChecking", package: "CrashProof"),
      ]),
    .executableTarget(
      name: "register-lab",
      dependencies: [
        "MirroredRegister",
        .product(name: "CommandLineTool", package: "CrashProof"),
      ]),
    .testTarget(
      name: "MirroredRegisterTests",
      dependencies: [
        "MirroredRegister",
        .product(name: "ClusterSimulation", package: "CrashProof"),
        .product(name: "SimulationKernel", package: "CrashProof"),
        .product(name: "LinearizabilityChecking", package: "CrashProof"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

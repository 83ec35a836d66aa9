/// The version of CrashProof; failure files and reports carry it.
public let toolVersion = "0.1.0"

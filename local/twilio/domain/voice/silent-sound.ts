const samplesPerSecond = 8000;

/** A WAV file of silence: 8 kHz, 16 bit. */
export function silentWave(seconds: number, channels: 1 | 2): Buffer {
  const bytesPerFrame = 2 * channels;
  const dataBytes = Math.round(seconds * samplesPerSecond) * bytesPerFrame;
  const file = Buffer.alloc(44 + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(samplesPerSecond, 24);
  file.writeUInt32LE(samplesPerSecond * bytesPerFrame, 28);
  file.writeUInt16LE(bytesPerFrame, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  return file;
}

/** MPEG-1 Layer III, 32 kbit/s, 32 kHz, mono: a frame of 144 bytes lasts 36 ms, and zeros in it are silence. */
const frameBytes = 144;
const frameHeader = [0xff, 0xfb, 0x18, 0xc4];
const framesPerSecond = 1000 / 36;

export function silentMp3(seconds: number): Buffer {
  const frames = Math.max(1, Math.ceil(seconds * framesPerSecond));
  const file = Buffer.alloc(frames * frameBytes);
  for (let frame = 0; frame < frames; frame += 1) file.set(frameHeader, frame * frameBytes);
  return file;
}

import { createInterface } from 'node:readline';

/** One end of the border: a JSON object a line, both ways. */
export class Pipe {
  #writable;
  #last = 0;
  #waiting = new Map();
  #closed;

  /** How many lines of JavaScript's have come and gone: what changes it may go on. */
  traffic = 0;

  /** Called with the device's time, epoch milliseconds, before JavaScript hears something. */
  onTime = () => {};

  /** Called with each message that answers nothing that was asked here. */
  onMessage = () => {};

  constructor(readable, writable) {
    this.#writable = writable;
    createInterface(readable)
      .on('line', (line) => this.#read(JSON.parse(line)))
      .on('close', () => this.#close());
    writable.on('error', () => this.#close());
  }

  #close() {
    this.#closed = new Error('the other end of the border has gone');
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }

  #read(message) {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.js !== undefined || waiting === undefined) this.traffic++;
    if (message.now !== undefined) this.onTime(message.now);
    if (waiting === undefined) this.onMessage(message);
    else waiting.resolve(message.value);
  }

  #send(message) {
    if (this.#closed !== undefined) throw this.#closed;
    this.#writable.write(`${JSON.stringify(message)}\n`);
  }

  /** Something happens to the device. */
  world(name, args) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, world: name, args });
    });
  }

  /** JavaScript calls its native module. @param answer called where the method answers, when it does */
  call(js, name, args, answer) {
    const id = ++this.#last;
    this.traffic++;
    if (answer !== undefined) {
      this.#waiting.set(id, { resolve: answer, reject: () => {} });
    }
    this.#send({ js, id, call: name, args });
  }
}

/** A question of a customer. */
export interface Ticket {
  id: string;
  customer: string;
  subject: string;
  state: "open" | "closed";
}

/** Where tickets are kept. */
export interface TicketStore {
  save(ticket: Ticket): Promise<void>;
  find(id: string): Promise<Ticket | undefined>;
  openOf(customer: string): Promise<Ticket[]>;
  close(id: string): Promise<void>;
  forget(id: string): Promise<void>;
}

/** Who is told of them. */
export interface Mailer {
  send(to: string, subject: string, text: string): Promise<void>;
}

/** What a desk does with tickets; knows nothing of AWS. */
export class Desk {
  constructor(
    private readonly tickets: TicketStore,
    private readonly mailer: Mailer,
  ) {}

  async open(customer: string, subject: string): Promise<Ticket> {
    const ticket: Ticket = { id: crypto.randomUUID(), customer, subject, state: "open" };
    await this.tickets.save(ticket);
    await this.mailer.send(customer, `We got: ${subject}`, `Your ticket is ${ticket.id}.`);
    return ticket;
  }

  list(customer: string): Promise<Ticket[]> {
    return this.tickets.openOf(customer);
  }

  async close(id: string): Promise<void> {
    const ticket = await this.tickets.find(id);
    if (ticket === undefined) throw new Error(`there is no ticket ${id}`);
    await this.tickets.close(id);
    await this.mailer.send(ticket.customer, `Solved: ${ticket.subject}`, "Write to us again when it is not.");
  }
}

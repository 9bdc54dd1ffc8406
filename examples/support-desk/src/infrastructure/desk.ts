import { Desk } from "../domain/tickets.js";
import { Mail } from "./mail.js";
import { setting } from "./settings.js";
import { TicketTable } from "./ticket-table.js";

/** The desk of this deployment. */
export const desk = new Desk(new TicketTable(setting("TICKETS_TABLE")), new Mail(setting("SENDER")));

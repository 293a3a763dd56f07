import { tag } from "./sample.js";

/* The sample data: what a new agency can look at before it has anything of its own. Their addresses lead nowhere. */

/** [company, industry, people, contact, title, what they look for]. */
const companies = [
    ["Harbour Dental Group", "Healthcare", 45, "Mara Lind", "Practice manager", "More patients from the region"],
    ["Tidewater Logistics", "Logistics", 220, "Jon Veld", "Head of marketing", "Leads from search, not from fairs"],
    ["Alder & Finch Law", "Legal services", 18, "Priya Nair", "Partner", "A website that says what they do"],
    ["Orchard Row Hotels", "Hospitality", 130, "Luca Moretti", "Marketing director", "Fewer bookings through portals"],
    ["Northlight Solar", "Energy", 60, "Sofia Berg", "Managing director", "Campaigns in three countries"],
    ["Kestrel Robotics", "Technology", 85, "Amir Haddad", "Head of growth", "A pipeline from content"],
    ["Brook Street Bakery", "Retail", 25, "Nina Okafor", "Owner", "Orders online in two cities"],
    ["Summit Physio", "Healthcare", 12, "Tom Weiss", "Owner", "Appointments without the telephone"],
];

export const leads = companies.map(([company, industry, employee_count, contact_name, contact_title, want], index) => ({
    company, industry, employee_count, contact_name, contact_title, pain_points: [want], source: tag, tags: [tag],
    email: `${contact_name.toLowerCase().replaceAll(/[^a-z]+/g, ".")}@sample-${index + 1}.test`,
}));

export const tickets = [
    ["The form on our page does not send", "Since yesterday nobody gets a confirmation. Can you have a look?", "high"],
    ["New opening hours", "We close at six from May. Please change it on the website.", "normal"],
].map(([subject, body, priority]) => ({ subject, body, priority, source: tag, tags: [tag] }));

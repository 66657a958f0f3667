// alerts by mail
const nodemailer = require('nodemailer');

const transporter = nodemailer.createTransport({
  host: 'smtp.office365.com',
  port: 587,
  secure: false,
  requireTLS: true,
  auth: {
    user: 'scan@contoso.com',
    pass: 'Sehr-Geheim-4711',
  },
});

async function alert(text) {
  await transporter.sendMail({ from: 'scan@contoso.com', to: 'admin@contoso.com', subject: 'Alert', text });
}

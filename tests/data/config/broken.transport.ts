import nodemailer from 'nodemailer';

const port = 587;
export const transporter = nodemailer.createTransport({
  host: process.env.SMTP_HOST || 'smtp.office365.com',
  port,
  secure: true,
  auth: {
    user: process.env.SMTP_USER,
    pass: 'Sehr-Geheim-4711',
  },
  tls: { ciphers: 'SSLv3', rejectUnauthorized: false },
});

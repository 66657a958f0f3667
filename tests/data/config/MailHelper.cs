using System.Net.Mail;
public class MailHelper {
    public static void Send(string to, string body) {
        MailMessage msg = new MailMessage();
        msg.From = new MailAddress("scan@contoso.com", "Scanner");
        SmtpClient client = new SmtpClient("smtp.office365.com", 587);
        client.EnableSsl = true;
        client.Credentials = new NetworkCredential("scan@contoso.com", "Sehr-Geheim-4711");
        client.Send(msg);
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/exporting.h"

#include "core/base/ownfiles.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/base/whendone.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QBuffer>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

/// Uses the status line of the main window, also for dialogs that belong to it.
void tellBriefly(QWidget *from, const QString &text)
{
    for (QWidget *widget = from; widget; widget = widget->parentWidget())
        if (widget->metaObject()->indexOfMethod("tellBriefly(QString)") >= 0) {
            QMetaObject::invokeMethod(widget, "tellBriefly", Q_ARG(QString, text));
            return;
        }
}

namespace {

struct Written
{
    Result<> result;
    qsizetype size = 0;
};

QString askForPath(QWidget *parent, const QString &proposedName, const QString &suffix)
{
    return QFileDialog::getSaveFileName(parent, tr("Export"), proposedName + u'.' + suffix,
                                        u"%1 (*.%2)"_s.arg(suffix.toUpper(), suffix));
}

Written write(const QString &path, const QByteArray &bytes)
{
    constexpr uint likeOtherFiles = 0666;
    return {.result = replaceFile(path, bytes, likeOtherFiles), .size = bytes.size()};
}

void tellWritten(QWidget *parent, const QString &path, const Written &written)
{
    if (written.result) {
        tellBriefly(parent, tr("Written: %1 (%2)").arg(path, byteSize(written.size)));
        return;
    }
    auto *box =
        new QMessageBox(QMessageBox::Warning, tr("Export"),
                        tr("Nothing was exported. %1").arg(written.result.error().detail), QMessageBox::Ok, parent);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace

void saveBytes(QWidget *parent, const QString &proposedName, const QString &suffix, const QByteArray &bytes)
{
    if (const QString path = askForPath(parent, proposedName, suffix); !path.isEmpty())
        tellWritten(parent, path, write(path, bytes));
}

void saveMade(QWidget *parent, const QString &proposedName, const QString &suffix, std::function<QByteArray()> make)
{
    const QString path = askForPath(parent, proposedName, suffix);
    if (path.isEmpty())
        return;
    whenDone(QtConcurrent::run([path, make = std::move(make)] { return write(path, make()); }), parent,
             [parent, path](const Written &written) { tellWritten(parent, path, written); });
}

void saveImage(QWidget *parent, const QString &proposedName, const QImage &image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    saveBytes(parent, proposedName, u"png"_s, bytes);
}

QPushButton *exportButton(const Theme &theme, QWidget *parent, std::function<void(QMenu *)> fill)
{
    auto *button = new QPushButton(themedIcon(u"export"_s, theme), tr("Export"), parent);
    auto *menu = new QMenu(button);
    QObject::connect(menu, &QMenu::aboutToShow, button, [menu, fill = std::move(fill)] { fill(menu); });
    button->setMenu(menu);
    return button;
}

bool openOwnFolder(const QString &folder)
{
    return (QFileInfo::exists(folder) || makeFolders(folder)) && QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
}

} // namespace slotscope

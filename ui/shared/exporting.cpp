// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/exporting.h"

#include "core/base/ownfiles.h"
#include "core/base/text.h"
#include "core/base/tr.h"
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

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

/// The window has a line for it; what lies over the window belongs to it too.
void tellBriefly(QWidget *from, const QString &text)
{
    for (QWidget *widget = from; widget; widget = widget->parentWidget())
        if (widget->metaObject()->indexOfMethod("tellBriefly(QString)") >= 0) {
            QMetaObject::invokeMethod(widget, "tellBriefly", Q_ARG(QString, text));
            return;
        }
}

void saveBytes(QWidget *parent, const QString &proposedName, const QString &suffix, const QByteArray &bytes)
{
    const QString path = QFileDialog::getSaveFileName(parent, tr("Export"), proposedName + u'.' + suffix,
                                                      u"%1 (*.%2)"_s.arg(suffix.toUpper(), suffix));
    if (path.isEmpty())
        return;
    constexpr uint likeOtherFiles = 0666;
    const auto written = replaceFile(path, bytes, likeOtherFiles);
    if (written) {
        tellBriefly(parent, tr("Written: %1 (%2)").arg(path, byteSize(bytes.size())));
        return;
    }
    QMessageBox box(QMessageBox::Warning, tr("Export"), tr("Nothing was exported. %1").arg(written.error().detail),
                    QMessageBox::Ok, parent);
    box.setTextFormat(Qt::PlainText);
    box.exec();
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
